import com.amazonaws.AmazonWebServiceResult;
import com.amazonaws.ResponseMetadata;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicSessionCredentials;
import com.amazonaws.auth.DefaultAWSCredentialsProviderChain;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.regions.Region;
import com.amazonaws.regions.Regions;
import com.amazonaws.services.securitytoken.AWSSecurityTokenService;
import com.amazonaws.services.securitytoken.AWSSecurityTokenServiceClient;
import com.amazonaws.services.securitytoken.AWSSecurityTokenServiceClientBuilder;
import com.amazonaws.services.securitytoken.model.AssumeRoleRequest;
import com.amazonaws.services.securitytoken.model.AssumeRoleResult;
import com.amazonaws.services.securitytoken.model.Credentials;
import com.amazonaws.services.securitytoken.model.GetCallerIdentityRequest;
import com.amazonaws.services.securitytoken.model.GetCallerIdentityResult;
import java.util.Map;

/**
 * A program of 2015 that uses STS in eu-west-1, in each of the ways that the SDK for Java 1.x offers. Arguments: the
 * ways, and `session`. Prints a line per call: label, request id, extended request id, ARN, separated by tabs.
 */
public final class StsCaller {
  private static final String ROLE = "arn:aws:iam::111122223333:role/app";

  public static void main(String[] labels) {
    for (String label : labels) {
      if (label.equals("session")) {
        useSession();
      } else {
        callAs(label, client(label));
      }
    }
  }

  @SuppressWarnings("deprecation")
  private static AWSSecurityTokenService client(String way) {
    AWSSecurityTokenServiceClient client;
    switch (way) {
      case "setEndpoint":
        client = new AWSSecurityTokenServiceClient();
        client.setEndpoint("sts.eu-west-1.amazonaws.com");
        return client;
      case "setRegion":
        client = new AWSSecurityTokenServiceClient();
        client.setRegion(Region.getRegion(Regions.EU_WEST_1));
        return client;
      case "setRegion-setEndpoint":
        client = new AWSSecurityTokenServiceClient();
        client.setRegion(Region.getRegion(Regions.EU_WEST_1));
        client.setEndpoint("sts.eu-west-1.amazonaws.com");
        return client;
      case "nothing":
        return new AWSSecurityTokenServiceClient();
      case "builder":
        return AWSSecurityTokenServiceClientBuilder.standard().withRegion("eu-west-1").build();
      case "builder-endpoint":
        return regional("eu-west-1").build();
      default:
        throw new IllegalArgumentException(way);
    }
  }

  private static AWSSecurityTokenServiceClientBuilder regional(String region) {
    return AWSSecurityTokenServiceClientBuilder.standard()
        .withCredentials(DefaultAWSCredentialsProviderChain.getInstance())
        .withEndpointConfiguration(
            new EndpointConfiguration("sts." + region + ".amazonaws.com", region));
  }

  /** Takes a session in eu-west-1 and shows it in us-west-2. */
  private static void useSession() {
    AssumeRoleResult assumed =
        regional("eu-west-1")
            .build()
            .assumeRole(new AssumeRoleRequest().withRoleArn(ROLE).withRoleSessionName("java"));
    print("AssumeRole", assumed, assumed.getAssumedRoleUser().getArn());
    Credentials session = assumed.getCredentials();
    callAs(
        "GetCallerIdentity",
        regional("us-west-2")
            .withCredentials(
                new AWSStaticCredentialsProvider(
                    new BasicSessionCredentials(
                        session.getAccessKeyId(),
                        session.getSecretAccessKey(),
                        session.getSessionToken())))
            .build());
  }

  private static void callAs(String label, AWSSecurityTokenService client) {
    GetCallerIdentityResult identity = client.getCallerIdentity(new GetCallerIdentityRequest());
    print(label, identity, identity.getArn());
  }

  private static void print(
      String label, AmazonWebServiceResult<ResponseMetadata> result, String arn) {
    Map<String, String> headers = result.getSdkHttpMetadata().getHttpHeaders();
    System.out.println(
        String.join(
            "\t",
            label,
            headers.get("x-amzn-RequestId"),
            headers.get("x-amz-sts-extended-request-id"),
            arn));
  }
}
